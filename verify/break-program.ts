import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Mutant } from './mutants.ts'

/** Copies the built program, with that one thing broken, and answers its main file. */
export function breakProgram(program: string, mutant: Mutant): { main: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-verify-broken-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const dist = join(folder, 'dist')
    mkdirSync(dist)
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
    const names = filesOf(program)
    for (const name of names) copyFileSync(join(dirname(program), name), join(dist, name))
    patch(dist, names, mutant)
    return { main: join(dist, 'main.js'), remove }
  } catch (error) {
    remove()
    throw error
  }
}

/** main.js and what it loads, directly or not: beside them may lie the chunks of an earlier build. */
function filesOf(program: string): string[] {
  const found = new Set(['main.js'])
  for (const name of found) {
    const text = readFileSync(join(dirname(program), name), 'utf8')
    for (const [, imported = ''] of text.matchAll(/["'`]\.\/([\w-]+\.js)["'`]/g)) found.add(imported)
  }
  return [...found]
}

function patch(dist: string, names: readonly string[], { what, anchor, instead }: Mutant): void {
  const texts = new Map(names.map((name) => [name, readFileSync(join(dist, name), 'utf8')]))
  const places = [...texts].flatMap(([name, text]) =>
    text
      .split(anchor)
      .slice(1)
      .map(() => name),
  )
  const [place = ''] = places
  if (places.length !== 1)
    throw new Error(
      `"${what}" cannot be made: its anchor stands ${places.length} times in the built program: ${anchor}`,
    )
  writeFileSync(join(dist, place), texts.get(place)?.replace(anchor, () => instead) ?? '')
}
