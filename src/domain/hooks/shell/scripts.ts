import type { ShellWord } from './parts.ts'

/** Programs that run a script from the line, and the options before it; a here-document is one too. */
const SCRIPTED: readonly { readonly program: RegExp; readonly option: RegExp }[] = [
  { program: /^python[\d.]*$/, option: /^-[a-zA-Z]*c$/ },
  { program: /^(node|bun|tsx)$/, option: /^(-[a-z]*e|-p|--eval|--print)$/ },
  { program: /^deno$/, option: /^eval$/ },
  { program: /^(ruby|perl)$/, option: /^-[a-zA-Z\d]*[eE]$/ },
  { program: /^php$/, option: /^-r$/ },
]

/** What a script calls that changes a file. */
const CHANGES = new RegExp(
  [
    /\bopen\s*\([^\n]{0,300}?,\s*(mode\s*=\s*)?['"][rbt]*[wax+][bt+]*['"]/,
    /\.open\s*\(\s*(mode\s*=\s*)?['"][rbt]*[wax+][bt+]*['"]/,
    /\bopen\b[^\n;]{0,200}?['"]\s*\+?>/,
    /\.write_(text|bytes)\b|\bfile_put_contents\b|\.(unlink|rename|touch)\s*\(/,
    /\b(os\.(remove|replace|truncate)|shutil\.(move|copy\w*|rmtree)|fileinput)\b/,
    /\b(write|append|truncate|copy|rename|rm|unlink|cp)(File|Sync|FileSync)\s*\(/,
    /\bfsp?\.(promises\.)?(rm|cp)\s*\(|\bcreateWriteStream\b|\bBun\.write\b/,
    /\b(File\.(write|delete|rename)|IO\.write|FileUtils\.)/,
  ]
    .map(({ source }) => source)
    .join('|'),
)

/** Every text between two quotes that follow each other; what is no name of a file is not there. */
const TEXTS = /(?<=['"`])[^'"`\n\\]{1,300}(?=['"`])/g
const MOST_TEXTS = 500

/** The texts in a script of Python, Node and the like that changes files; files of such names may be among those. */
export function namedInScript(
  program: string,
  given: readonly ShellWord[],
  hereText: string | undefined,
): readonly string[] {
  const option = SCRIPTED.find((each) => each.program.test(program))?.option
  if (!option) return []
  const at = given.findIndex(({ text }) => option.test(text))
  const script = at >= 0 ? given[at + 1]?.text : hereText
  if (script === undefined || !CHANGES.test(script)) return []
  const texts = (script.match(TEXTS) ?? []).slice(0, MOST_TEXTS)
  // Perl opens ">a.ts".
  return [...new Set(texts.map((text) => text.replace(/^[+>\s]+/, '')))].filter((text) => text.trim() !== '')
}
