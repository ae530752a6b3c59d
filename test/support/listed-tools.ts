/** Listed tools as the golden file keeps them, a tool a line, so that a change shows as the lines of its tools. */
export function toolLines(tools: readonly object[]): string {
  return tools.map((tool) => `${JSON.stringify(tool)}\n`).join('')
}
