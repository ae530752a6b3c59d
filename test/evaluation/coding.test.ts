import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { askCoding, type CodingSet } from '../../bench/eval/coding.ts'
import { FIGURES, meanOf } from '../../bench/eval/figures.ts'
import { withApp } from '../support/app.ts'

/** A little below what was measured (docs/search-quality.md): a change that costs more than a question or two shows. */
const AT_LEAST = { recall1: 0.78, recall5: 0.9, recall10: 0.93, mrr: 0.85 }

test('the questions of coding agents are answered as well as before', () =>
  withApp(async (t) => {
    const file = join(import.meta.dirname, '../../bench/eval/coding-dev.json')
    const set = JSON.parse(readFileSync(file, 'utf8')) as CodingSet
    const asked = await askCoding(
      async (tool, { action, ...args }) => t.call(tool, String(action), args),
      set,
    )
    const means = Object.fromEntries(FIGURES.map((figure) => [figure, meanOf(asked, figure)]))
    for (const figure of FIGURES) expect(means[figure], figure).toBeGreaterThanOrEqual(AT_LEAST[figure])
  }))
