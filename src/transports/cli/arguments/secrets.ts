import { keepSecrets, secretsIn } from '../../../domain/text/secrets.ts'

/** Remembers the passwords that stand on a command line, wherever they stand: from now on no error and no log repeats them. */
export function keepSecretsIn(argv: readonly string[]): void {
  for (const arg of argv) {
    const text = arg.replace(/^--?[\w-]+=/, '')
    const [, name = 'AGENT_MEMORY_URL', value = text] = /^(AGENT_MEMORY_\w+)=([\s\S]*)$/.exec(text) ?? []
    if (name !== 'AGENT_MEMORY_URL' || /^[a-z][a-z0-9+.-]*:\/\//i.test(text))
      keepSecrets(secretsIn({ [name]: value }))
  }
}
