import { answerHook } from '../../src/hook.ts'

// What scripts/launcher.js does in the bundle, on the sources.
const startProgram = () => import('../../src/main.ts')
await (process.argv[3] === 'run' ? answerHook(process, startProgram) : startProgram())
