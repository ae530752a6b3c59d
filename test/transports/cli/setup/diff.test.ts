import { describe, expect, test } from 'vitest'
import { showDiff } from '../../../../src/transports/cli/setup/diff.ts'

function diff(before: string | undefined, after: string | undefined): string {
  return showDiff({ file: '/c', before, after })
}

describe('the diff', () => {
  test('shows what changes with three lines around it', () => {
    expect(diff('1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\nfive\n6\n7\n8\n9\n')).toBe(
      '--- /c\n+++ /c\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
    )
  })

  test('shows a file that is made and one that goes', () => {
    expect(diff(undefined, 'a\n')).toBe('--- /dev/null\n+++ /c\n@@ -0,0 +1,1 @@\n+a\n')
    expect(diff('a\n', undefined)).toBe('--- /c\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n')
  })

  test('shows a line break that is added at the end', () => {
    expect(diff('a', 'a\n')).toBe('--- /c\n+++ /c\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n')
  })

  test('masks the secrets of others', () => {
    const shown = diff(
      '"API_KEY": "abc",\ntoken = \'def\'\n"x": "ghp_0123456789", "u": "https://me:pw@x.test"\n',
      'new\n',
    )
    expect(shown).not.toMatch(/abc|def|0123456789|pw/)
    expect(shown).toContain('"API_KEY": "***"')
  })

  test('cuts a long line to the part that changes', () => {
    const long = 'x'.repeat(5000)
    const shown = diff(`${long}1`, `${long}2`)
    expect(shown.length).toBeLessThan(500)
    expect(shown).toContain('x2')
  })

  test('reads of a giant line only what follows the first difference, and shows no secret of it', () => {
    const giant = `{"TOKEN":"${'key-'.repeat(500_000)}",`
    const shown = diff(`${giant}}`, `${giant}"agent-memory":{"API_KEY":"mine"},"other":1}`)
    expect(shown).toContain('…"agent-memory":{"API_KEY":"***"}')
    expect(diff(undefined, giant)).toContain('+{"TOKEN":"***"')
    expect(diff(undefined, giant)).not.toContain('key-')
  })
})
