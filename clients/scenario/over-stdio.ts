import type { CliClient } from '../agents/client.ts'
import type { Stage } from '../stage.ts'
import { TASK, tryPrompt } from './prompt.ts'
import { endWell, fillMemory, lookWhatIsLeft, playScenario, type Where } from './scenario.ts'

// The server as the client's own child, registered by `setup`, in the project of the working directory.

const HERE: Where = { scope: {}, flags: [], scopeName: 'shop', file: (path) => path }

export const STDIO_STEPS = [
  'tools offered',
  'told what to do',
  'context read',
  'entry kept',
  'long list cut',
  'lock taken',
  'lock refused',
  'lock waited for',
  'ends well',
  'locks given back',
  'nothing left running',
  'prompt with a task',
]

export async function overStdio(client: CliClient, stage: Stage): Promise<void> {
  if (!client.start) return
  const { place, seat, story } = stage
  const memory = `AGENT_MEMORY_DATA_DIR=${place.memory}`
  place.run(['setup', client.id, '--allow', '--yes', '--force', '--env', memory])
  fillMemory(place, HERE)
  const holder = await stage.startHolder()
  const session = stage.startSession(client.start(seat, 'Play your part.'))
  const cast = { session, where: HERE, place, holder, story }
  await playScenario(cast)
  await endWell(cast)
  await lookWhatIsLeft(cast)
  const prompt = client.startPrompt?.(seat, TASK)
  if (prompt) await tryPrompt(() => stage.startSession(prompt), story)
}
