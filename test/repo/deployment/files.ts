import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'

// What the files for containers say. No container engine is needed to read them.

export const ROOT = join(import.meta.dirname, '../../..')

export type Env = Readonly<Record<string, string>>

interface Service {
  readonly image: string
  readonly build?: string
  readonly command?: string | readonly string[]
  readonly ports?: readonly string[]
  readonly environment?: Env
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
}

const read = (name: string) => readFileSync(join(ROOT, name), 'utf8')

/** docker-compose.yml with what it takes from the environment left at its defaults. */
export function readCompose(): Compose {
  const text = read('docker-compose.yml').replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
  return parse(text, { merge: true }) as Compose
}

/** The settings of the instances in it, by the name of the service. */
export function composeInstances(): [name: string, env: Env][] {
  const services = Object.entries(readCompose().services)
  return services.flatMap(([name, { environment }]) =>
    name.startsWith('agent-memory') ? [[name, environment ?? {}]] : [],
  )
}

interface Container {
  readonly envFrom: readonly Readonly<Record<string, { readonly name: string }>>[]
  readonly volumeMounts: readonly { readonly mountPath: string }[]
  readonly securityContext: Readonly<Record<string, unknown>>
  readonly args: readonly string[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly readinessProbe: { readonly httpGet: Readonly<Record<string, string>> }
  readonly startupProbe: { readonly exec: { readonly command: readonly string[] } }
}

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly data?: Env
  readonly stringData?: Env
  readonly spec?: {
    readonly replicas: number
    readonly template: {
      readonly spec: {
        readonly securityContext: Readonly<Record<string, unknown>>
        readonly containers: readonly Container[]
      }
    }
  }
}

export function readManifests(): Manifest[] {
  return parseAllDocuments(read('deploy/kubernetes.yaml')).map((document) => {
    if (document.errors.length > 0) throw new Error(document.errors.join('\n'))
    return document.toJS() as Manifest
  })
}

/** The instructions of the Dockerfile in order, each on one line. */
export function readDockerfile(): [instruction: string, words: string][] {
  const lines = read('Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
  return lines.flatMap((line) => {
    const [, instruction, words] = /^([A-Z]+) (.+)$/.exec(line) ?? []
    return instruction && words ? [[instruction, words]] : []
  })
}

export function lastOf(instruction: string): string {
  const found = readDockerfile().findLast(([name]) => name === instruction)
  if (!found) throw new Error(`the Dockerfile has no ${instruction}`)
  return found[1]
}

/** The command of the health check, in words. */
export function healthCommand(): string[] {
  return JSON.parse(lastOf('HEALTHCHECK').replace(/^.* CMD /, '')) as string[]
}

/** What .dockerignore lets into a build. */
export function buildContext(): string[] {
  const lines = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  if (lines[0] !== '*') throw new Error('.dockerignore must begin with *')
  return lines.slice(1).map((line) => line.replace(/^!/, ''))
}
