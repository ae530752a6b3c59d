/** A generated page: a title, an introduction and its parts. */
export function page(title: string, intro: string, ...parts: readonly string[]): string {
  const note = '<!-- Written by `npm run generate`. Change the tables in src/ instead. -->'
  return `${[`# ${title}`, note, intro, ...parts].join('\n\n')}\n`
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function cell(text: string): string {
  const line = text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  // What stands in backticks is shown as it is, an escape too.
  return line.replace(/`[^`]*`|</g, (found) => (found === '<' ? '&lt;' : found))
}
