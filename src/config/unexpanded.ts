// Clients pass on what they could not expand: ${workspaceFolder}, $HOME/…, %APPDATA%\…. Taken as it stands,
// it would become a folder of that name, or one project shared by all.

const BRACED = /\$\{[^}]*\}/
const PLAIN = /^\$(?:env:)?[A-Za-z_]\w*|(?:^|[\\/])%[A-Za-z_][\w()]*%/i

/** The variable that stands unexpanded in a value. In a secret only `${…}` counts, and only where it cannot be a part of the secret. */
export function unexpandedVariable(text: string, isSecret: boolean): string | undefined {
  const braced = BRACED.exec(text)?.[0]
  if (!isSecret) return braced ?? PLAIN.exec(text)?.[0].replace(/^[\\/]/, '')
  return braced === text || /^\w+:\/\//.test(text) ? braced : undefined
}
