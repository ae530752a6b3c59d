import { parentPort } from 'node:worker_threads'
import { rememberManyStems } from '../../../domain/words/ranking/similarity.ts'
import { rememberManyTokens } from '../../../domain/words/tokens.ts'
import { SecretGuard } from '../../secrets/secret-guard.ts'
import { type Asked, answerOf, linesIn } from './messages.ts'
import { admitted, kindsIn, withWords } from './preparation.ts'

// A thread of its own, which `threads.ts` starts: the build makes a program of it.

rememberManyTokens()
rememberManyStems()

parentPort?.on('message', (asked: Asked) => {
  void answerOf(() => made(asked)).then((answer) => parentPort?.postMessage(answer))
})

async function made({ wants, secrets, ...packed }: Asked) {
  const lines = linesIn(packed)
  if (wants === 'kinds') return kindsIn(lines)
  return (await admitted(lines, new SecretGuard(secrets))).map(withWords)
}
