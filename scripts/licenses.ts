import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const RULE = '-'.repeat(80)

/** The licence texts of every package that is bundled into the program. Throws where a package brings none. */
export function thirdPartyLicenses(root: string, inputs: readonly string[]): string {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined))
  const sections = [...folders].toSorted().map((folder) => section(join(root, folder)))
  return `agent-memory contains these packages:\n\n${sections.join(`\n${RULE}\n\n`)}`
}

function packageFolder(input: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]
}

function section(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >
  const text = licenceText(folder) ?? mitText(String(name), license)
  if (!text) throw new Error(`${name} brings no licence text (${license})`)
  return `${name} ${version} (${license})\n\n${text.trim()}\n`
}

/** The licence file, or the chapter of the README that stands for one. */
function licenceText(folder: string): string | undefined {
  const files = readdirSync(folder)
  const file = files.find((entry) => /^licen[cs]e/i.test(entry))
  if (file) return readFileSync(join(folder, file), 'utf8')
  const readme = files.find((entry) => /^readme/i.test(entry))
  return readme && /^#+ *licen[cs]e\s*$([\s\S]+)/im.exec(readFileSync(join(folder, readme), 'utf8'))?.[1]
}

/** Packages under the MIT licence that bring only its name, with the copyright line of their repository. */
const COPYRIGHTS: Readonly<Record<string, string>> = {
  '@redis/client': 'Copyright (c) 2022-2023, Redis, inc.',
}

/** The licence is the same text as our own, but for that line. */
function mitText(name: string, license: unknown): string | undefined {
  const copyright = COPYRIGHTS[name]
  if (license !== 'MIT' || copyright === undefined) return undefined
  const own = readFileSync(join(import.meta.dirname, '../LICENSE'), 'utf8')
  return own.replace(/^Copyright .*$/m, copyright)
}
