import { answerHook } from '../../src/hook.ts'

// What scripts/launcher.js does, for hooks that wait for a server as long as it takes.
/** Longer than any machine takes: what tests count must not depend on its speed. */
const PATIENCE_MS = Number(process.env['TEST_HOOK_PATIENCE_MS'] ?? 120_000)

const startProgram = () => import('../../src/main.ts')
await (process.argv[3] === 'run' ? answerHook(process, startProgram, PATIENCE_MS) : startProgram())
