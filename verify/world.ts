import { randomUUID } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent } from './agent.ts'
import type { Deployment } from './deployment.ts'
import { type Env, Instance } from './instance.ts'
import { Note } from './note.ts'
import { Redis } from './redis.ts'

/** What one claim works with: instances of the deployment, a folder and a project of its own, and a look at Redis. */
export class World {
  readonly deployment: Deployment
  readonly redis: Redis
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'agent-memory-verify-')))
  /** What could not be done to this deployment. */
  readonly leftOut: string[] = []
  readonly #id = randomUUID().slice(0, 8)
  readonly #instances: Instance[] = []
  #project: string | undefined

  private constructor(deployment: Deployment, redis: Redis) {
    this.deployment = deployment
    this.redis = redis
  }

  static async open(deployment: Deployment): Promise<World> {
    return new World(deployment, await Redis.connect(deployment.redisUrl))
  }

  /** The key prefix of the deployment. */
  get prefix(): string {
    return this.setting('AGENT_MEMORY_REDIS_KEY_PREFIX', 'agentmem:')
  }

  /** A setting of the deployment, or the guide's default. */
  setting(name: string, otherwise: string): string {
    return this.deployment.env[name] ?? otherwise
  }

  /** An instance with the deployment's environment. */
  async start(name: string, more: Env = {}): Promise<Instance> {
    const { command, env } = this.deployment
    const instance = await Instance.start(name, { command, env: { ...env, ...more } })
    this.#instances.push(instance)
    return instance
  }

  startThree(): Promise<[Instance, Instance, Instance]> {
    return Promise.all([this.start('A'), this.start('B'), this.start('C')])
  }

  /** An agent of that name, unlike any other of this deployment. */
  agent(name: string, instance: Instance): Agent {
    return new Agent(`verify-${this.#id}-${name}`, instance)
  }

  file(name: string): string {
    return join(this.folder, name)
  }

  /** A stored entry that holds a number, in a project of its own. */
  async note(instance: Instance): Promise<Note> {
    const name = `verify-${this.#id}`
    const agent_id = `${name}-writer`
    if (this.#project === undefined) {
      const project = { action: 'create', scope_type: 'project', name, agent_id }
      const { id } = await instance.call<{ id: string }>('memory_scope', project)
      this.#project = id
    }
    return Note.add(instance, {
      scope: this.#project,
      agent_id,
      word: `word${randomUUID().replaceAll('-', '')}`,
    })
  }

  /** Takes everything away that it made. Locks end by their TTL. */
  async close(): Promise<void> {
    try {
      await this.#removeProject()
    } finally {
      await Promise.allSettled(this.#instances.map((instance) => instance.close()))
      this.redis.close()
      rmSync(this.folder, { recursive: true, force: true })
    }
  }

  async #removeProject(): Promise<void> {
    if (this.#project === undefined) return
    for (const instance of this.#instances) instance.wake()
    const instance = this.#instances.find((one) => one.isAlive) ?? (await this.start('cleaner'))
    const scope = { scope_type: 'project', scope_id: this.#project, cascade: true }
    await instance.call('memory_scope', { action: 'delete', ...scope })
  }
}

/** Something that is promised, and the script that shows it or finds a violation. */
export interface Claim {
  readonly name: string
  readonly title: string
  /** Answers its figures; throws a Violation where the promise is broken. */
  run(world: World): Promise<string>
}
