import { type BinaryOperationNode, OperatorNode, PostgresQueryCompiler, PrimitiveValueListNode } from 'kysely'

/** As many as there are scopes in a chain, or types of entries. */
const SHORT = 4

/**
 * A longer list of values is one parameter: as one for each value a statement has another text for each length, and is read and planned
 * anew for it. Of a short one PostgreSQL knows how long it is, and sooner keeps a plan; one of a single value is read in the order of
 * its index.
 */
export class ListCompiler extends PostgresQueryCompiler {
  protected override visitBinaryOperation(node: BinaryOperationNode): void {
    const list = listOf(node)
    if (!list || (list.length > 0 && list.length <= SHORT)) {
      super.visitBinaryOperation(node)
      return
    }
    this.visitNode(node.leftOperand)
    this.append(' = any(')
    this.appendValue(list)
    this.append(')')
  }
}

/** The values among which one is looked for. */
function listOf({ operator, rightOperand }: BinaryOperationNode): readonly unknown[] | undefined {
  const isIn = OperatorNode.is(operator) && operator.operator === 'in'
  return isIn && PrimitiveValueListNode.is(rightOperand) ? rightOperand.values : undefined
}
