import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { askCoding, type CodingSet } from '../../bench/eval/coding.ts'
import { FIGURES, meanOf } from '../../bench/eval/figures.ts'
import { withApp } from '../support/app.ts'

/** A little below what was measured (docs/search-quality.md): a change that costs more than a question or two shows. */
const AT_LEAST = {
  'coding-dev.json': { recall1: 0.78, recall5: 0.9, recall10: 0.93, mrr: 0.85 },
  'coding-more.json': { recall1: 0.72, recall5: 0.88, recall10: 0.92, mrr: 0.8 },
}

test.each(Object.entries(AT_LEAST))('the questions of %s are answered as well as before', (name, least) =>
  withApp(async (t) => {
    const file = join(import.meta.dirname, '../../bench/eval', name)
    const set = JSON.parse(readFileSync(file, 'utf8')) as CodingSet
    const asked = await askCoding(
      async (tool, { action, ...args }) => t.call(tool, String(action), args),
      set,
    )
    const means = Object.fromEntries(FIGURES.map((figure) => [figure, meanOf(asked, figure)]))
    for (const figure of FIGURES) expect(means[figure], figure).toBeGreaterThanOrEqual(least[figure])
  }),
)
