// What `import … from 'agent-memory'` brings. It runs wherever there is `fetch`: nothing of Node may come in here.
export type { Arguments, Call, FollowRequest, Resync, Spec, Told } from './calls.ts'
export type * from './catalogue.ts'
export { Memory } from './catalogue.ts'
export { AgentMemory, type ClientOptions } from './client.ts'
export type { EmbeddedMemory, EmbeddedOptions, OpenMemory } from './embedded.ts'
export { AgentMemoryError } from './error.ts'
