import { readFileSync } from 'node:fs'

/** The text of that file of `scripts/`. The bundled program brings the texts inside it instead (scripts/build.ts). */
export function scriptText(name: string): string {
  return readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8')
}
