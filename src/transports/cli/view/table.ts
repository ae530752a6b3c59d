import { padEnd, stringWidth, type Terminal, truncate } from './terminal.ts'

export interface Column<Row> {
  readonly title: string
  /** One line, safe to print. */
  readonly text: (row: Row) => string
  /** May be cut where the terminal is narrow; the others stay whole, for they are copied. */
  readonly flexible?: boolean
  /** May be left out where the terminal is narrow. */
  readonly optional?: boolean
}

interface Cells {
  readonly column: { readonly title: string; readonly flexible?: boolean; readonly optional?: boolean }
  readonly texts: readonly string[]
  width: number
}

const GAP = 2
const LEAST = 12

/** Rows under titles, as wide as the terminal at most; one value a line where even that is too much. */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  terminal: Terminal,
): string {
  const all = columns.map((column): Cells => {
    const texts = rows.map(column.text)
    return { column, texts, width: Math.max(...[column.title, ...texts].map(stringWidth)) }
  })
  const used = all.filter(({ texts }) => texts.some((text) => text !== ''))
  const fitting = fitted(used, terminal.width)
  return fitting ? lines(fitting, terminal) : stack(used, terminal)
}

function fitted(cells: readonly Cells[], width: number): readonly Cells[] | undefined {
  const tried = cells.map((cell) => ({ ...cell }))
  shrink(tried, width)
  if (total(tried) <= width) return tried
  const spare = cells.findLast(({ column }) => column.optional)
  if (!spare) return undefined
  return fitted(
    cells.filter((cell) => cell !== spare),
    width,
  )
}

/** Takes from the widest of the flexible columns, until it fits or nothing is left to take. */
function shrink(cells: readonly Cells[], width: number): void {
  for (let over = total(cells) - width; over > 0; over = total(cells) - width) {
    const flexible = cells.filter((cell) => cell.column.flexible && cell.width > LEAST)
    const [widest, next] = flexible.toSorted((a, b) => b.width - a.width)
    if (!widest) return
    const floor = Math.max(LEAST, Math.min(next?.width ?? 0, widest.width - 1))
    widest.width = Math.max(floor, widest.width - over)
  }
}

function total(cells: readonly Cells[]): number {
  return cells.reduce((sum, { width }) => sum + width, GAP * Math.max(0, cells.length - 1))
}

function lines(cells: readonly Cells[], { bold }: Terminal): string {
  const count = cells[0]?.texts.length ?? 0
  const row = (textOf: (cell: Cells) => string) =>
    cells
      .map((cell) => padEnd(truncate(textOf(cell), cell.width), cell.width))
      .join(' '.repeat(GAP))
      .trimEnd()
  const body = Array.from({ length: count }, (_, at) => row(({ texts }) => texts[at] ?? ''))
  return [bold(row(({ column }) => column.title)), ...body].join('\n')
}

function stack(cells: readonly Cells[], { bold }: Terminal): string {
  const count = cells[0]?.texts.length ?? 0
  const width = Math.max(...cells.map(({ column }) => stringWidth(column.title)))
  return Array.from({ length: count }, (_, at) =>
    cells
      .filter(({ texts }) => texts[at] !== '')
      .map(({ column, texts }) => `${bold(padEnd(column.title, width))}${' '.repeat(GAP)}${texts[at]}`)
      .join('\n'),
  ).join('\n\n')
}
