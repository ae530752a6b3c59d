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

function patch(dist: string, names: readonly string[], mutant: Mutant): void {
  const { name, text } = placeOf(dist, names, mutant)
  writeFileSync(
    join(dist, name),
    text.replace(mutant.anchor, () => mutant.instead),
  )
}

/** Throws when a mutant would break nothing, or more than it says. */
export function checkAnchors(program: string, mutants: readonly Mutant[]): void {
  const names = filesOf(program)
  for (const mutant of mutants) placeOf(dirname(program), names, mutant)
}

function placeOf(
  dist: string,
  names: readonly string[],
  { what, anchor }: Mutant,
): { name: string; text: string } {
  const texts = names.map((name) => ({ name, text: readFileSync(join(dist, name), 'utf8') }))
  const places = texts.flatMap((file) =>
    Array.from({ length: file.text.split(anchor).length - 1 }, () => file),
  )
  const [place] = places
  if (place && places.length === 1) return place
  throw new Error(
    `"${what}" cannot be made: its anchor stands ${places.length} times in the built program, not once: ${anchor}`,
  )
}
