const QUOTED = /^(["'])(.*)\1$/s
const ADDRESS = /^\w+:\/\//

/**
 * A value as it was meant: blanks around it, line ends of Windows and the quotes that `docker --env-file` and some clients pass
 * on are none of it. A secret may end in anything but a carriage return; an address is told by its beginning.
 */
export function plainText(text: string, isSecret: boolean): string {
  const line = text.replace(/\r+$/, '')
  const bare = line.trim()
  const inside = QUOTED.exec(bare)?.[2]
  if (isSecret) return inside !== undefined && ADDRESS.test(inside) ? inside : line
  return (inside ?? bare).trim()
}
