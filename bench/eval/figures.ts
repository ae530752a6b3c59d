/** What one question came to. */
export interface Asked {
  readonly category: string
  readonly recall1: number
  readonly recall5: number
  readonly recall10: number
  readonly mrr: number
}

/** What an answer says of itself. */
export interface Score {
  /** Of its first hit. */
  readonly first: number
  /** It says that it is no answer. */
  readonly isUnlikely: boolean
}

export interface Scores {
  readonly answerable: Score[]
  readonly unanswerable: Score[]
}

/** How often the first hit of a question that has an answer scores higher than that of one that has none; a draw is half. */
export function separation({ answerable, unanswerable }: Scores): number {
  let won = 0
  for (const { first } of answerable)
    for (const other of unanswerable) won += first > other.first ? 1 : first === other.first ? 0.5 : 0
  return won / (answerable.length * unanswerable.length)
}

/** The share of these answers that say that they are none. */
export function unlikelyShare(scores: readonly Score[]): number {
  return scores.filter(({ isUnlikely }) => isUnlikely).length / scores.length
}

export type Figure = 'recall1' | 'recall5' | 'recall10' | 'mrr'
export const FIGURES: readonly Figure[] = ['recall1', 'recall5', 'recall10', 'mrr']

/** Recall: the share of what was wanted among the first k; MRR: 1 / the place of the first of it. */
export function judged(category: string, found: readonly string[], wanted: ReadonlySet<string>): Asked {
  const first = found.findIndex((name) => wanted.has(name))
  const recall = (k: number) => found.slice(0, k).filter((name) => wanted.has(name)).length / wanted.size
  return {
    category,
    recall1: wanted.has(found[0] ?? '') ? 1 : 0,
    recall5: recall(5),
    recall10: recall(10),
    mrr: first >= 0 ? 1 / (first + 1) : 0,
  }
}

export interface Row {
  readonly category: string
  readonly questions: number
  readonly means: Readonly<Record<Figure, number>>
  /** Half the width of the middle 95 % of the means of samples drawn anew. */
  readonly within: Readonly<Record<Figure, number>>
}

/** All together first, then by category. */
export function rowsOf(asked: readonly Asked[]): Row[] {
  const groups = Map.groupBy(asked, ({ category }) => category)
  return [['all', asked] as const, ...groups].map(([category, group]) => ({
    category,
    questions: group.length,
    means: byFigure((figure) => meanOf(group, figure)),
    within: byFigure((figure) => spreadOf(group, figure)),
  }))
}

function byFigure(of: (figure: Figure) => number): Record<Figure, number> {
  return { recall1: of('recall1'), recall5: of('recall5'), recall10: of('recall10'), mrr: of('mrr') }
}

export function meanOf(group: readonly Asked[], figure: Figure): number {
  return group.reduce((sum, asked) => sum + asked[figure], 0) / group.length
}

const SAMPLES = 500

/** Bootstrap, with the same draws each time, so that two runs can be compared. */
function spreadOf(group: readonly Asked[], figure: Figure): number {
  const random = drawing(group.length)
  const means = Array.from({ length: SAMPLES }, () => {
    let sum = 0
    for (let at = 0; at < group.length; at++) sum += group[random()]?.[figure] ?? 0
    return sum / group.length
  }).sort((a, b) => a - b)
  const at = (share: number) => means[Math.floor(share * SAMPLES)] ?? 0
  return (at(0.975) - at(0.025)) / 2
}

function drawing(below: number): () => number {
  let state = 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

export function tableOf(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const head = line(['category', 'questions', 'R@1', 'R@5', 'R@10', 'MRR']) + line(Array(6).fill('---'))
  const body = rows.map(({ category, questions, means, within }) => {
    const cells = FIGURES.map((figure) => `${means[figure].toFixed(3)} ± ${within[figure].toFixed(3)}`)
    return line([category, String(questions), ...cells])
  })
  return head + body.join('')
}
