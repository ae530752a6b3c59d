import { strict as assert } from 'node:assert'
import type { Session } from '../session.ts'
import { type Story, saw } from '../story.ts'
import { assertSays } from './received.ts'

export const TASK = 'fix the rounding of cents'

/** Our prompt, with a task of several words, as the user types it; again where the client did not wait for its servers. */
export async function tryPrompt(begin: () => Session, story: Story): Promise<void> {
  await story.step('prompt with a task', async () => {
    for (let tries = 0; tries < 10; tries++) {
      const session = begin()
      const told = await session.model.request().then(
        (request) => request.told,
        (error: unknown) => String(error),
      )
      if (told.includes('The task: ')) {
        for (const words of [`The task: ${TASK}`, 'Money is integer cents'])
          assertSays(told.slice(told.indexOf('The task: ')), words)
        await session.model.say('Done.')
        assert.equal(await session.ended, 0, session.output)
        return saw(told.slice(told.indexOf('The task: ')))
      }
      await session.end()
    }
    throw new Error('the client did not know the prompt')
  })
}
