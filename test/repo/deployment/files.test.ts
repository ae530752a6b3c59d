import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkSettings, readConfig } from '../../../src/config.ts'
import {
  buildContext,
  composeInstances,
  healthCommand,
  lastOf,
  ROOT,
  readCompose,
  readDockerfile,
  readManifests,
} from './files.ts'

/** The settings of an instance in the user's guide to Redis. */
const OF_THE_GUIDE = {
  AGENT_MEMORY_DB_TYPE: 'postgresql',
  AGENT_MEMORY_PG_HOST: 'postgres',
  AGENT_MEMORY_PG_DATABASE: 'agent_memory',
  AGENT_MEMORY_PG_USER: 'agent_memory',
  AGENT_MEMORY_PG_PASSWORD: 'secure-password',
  AGENT_MEMORY_REDIS_ENABLED: 'true',
  AGENT_MEMORY_REDIS_HOST: 'redis',
}

/** What the port needs beside. */
const OF_HTTP = {
  AGENT_MEMORY_HTTP_HOST: '0.0.0.0',
  AGENT_MEMORY_HTTP_ADMIN_KEY: 'replace-this-administrator-key',
}

describe('docker-compose.yml', () => {
  const { services } = readCompose()

  test('two instances have the settings of the guide, and the program understands them', () => {
    expect(composeInstances()).toEqual([
      ['agent-memory-1', { ...OF_THE_GUIDE, ...OF_HTTP }],
      ['agent-memory-2', { ...OF_THE_GUIDE, ...OF_HTTP }],
    ])
    expect(checkSettings({ ...OF_THE_GUIDE, ...OF_HTTP })).toEqual([])
  })

  test('both serve HTTP on a port of their own, for this machine alone, and say when they are ready', () => {
    const instances = composeInstances().map(([name]) => services[name])
    expect(instances.map((service) => service?.command)).toEqual([['serve'], ['serve']])
    expect(instances.flatMap((service) => service?.ports ?? [])).toEqual([
      '127.0.0.1:8787:8787',
      '127.0.0.1:8788:8787',
    ])
    for (const service of instances) expect(service?.healthcheck?.test.at(-1)).toContain('/ready')
  })

  test('an instance waits until PostgreSQL and Redis are healthy, and both say when they are', () => {
    for (const [name] of composeInstances())
      expect(services[name]?.depends_on).toEqual({
        postgres: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
      })
    expect([services['postgres'], services['redis']].map((service) => service?.healthcheck?.test[0])).toEqual(
      ['CMD', 'CMD'],
    )
  })

  test('the image is built once, under our own name', () => {
    const instances = composeInstances().map(([name]) => services[name])
    expect(instances.map((service) => service?.image)).toEqual(['agent-memory:latest', 'agent-memory:latest'])
    expect(instances.filter((service) => service?.build === '.')).toHaveLength(1)
  })

  test('Redis may not delete locks', () => {
    expect(services['redis']?.command).toContain('--maxmemory-policy noeviction')
  })
})

describe('Dockerfile', () => {
  test('what it copies is in the context of the build', () => {
    const context = buildContext()
    const copied = readDockerfile()
      .filter(([instruction, words]) => instruction === 'COPY' && !words.startsWith('--from'))
      .flatMap(([, words]) => words.split(' ').slice(0, -1))
    const missing = copied.filter((path) => path !== '.' && !context.includes(path))
    expect(copied.length).toBeGreaterThan(3)
    expect(missing).toEqual([])
    expect(context.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  test('it runs as a user other than root, by number', () => {
    expect(lastOf('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/)
  })

  test('the data folder is a volume', () => {
    expect(lastOf('ENV')).toBe(`AGENT_MEMORY_DATA_DIR=${lastOf('VOLUME')}`)
  })

  test('the entrypoint can be run', () => {
    expect(lastOf('ENTRYPOINT')).toBe('["/app/entrypoint.sh"]')
    expect(statSync(join(ROOT, 'deploy/entrypoint.sh')).mode & 0o111).toBe(0o111)
  })
})

describe('deploy/kubernetes.yaml', () => {
  const manifests = readManifests()
  const deployment = manifests.find(({ kind }) => kind === 'Deployment')?.spec
  const pod = deployment?.template.spec
  const container = pod?.containers[0]

  test('the program understands the settings in ConfigMap and Secret', () => {
    const env = Object.assign(
      {},
      ...manifests.flatMap(({ data, stringData }) => [data, stringData]),
    ) as object
    expect(checkSettings({ ...env })).toEqual([])
    expect(readConfig({ ...env })).toMatchObject({ dbType: 'postgresql', redis: { enabled: true } })
  })

  test('passwords are in the Secret only', () => {
    const named = (kind: string) => manifests.find((manifest) => manifest.kind === kind)
    expect(Object.keys(named('ConfigMap')?.data ?? {}).filter((name) => /PASSWORD|URL/.test(name))).toEqual(
      [],
    )
    expect(Object.keys(named('Secret')?.stringData ?? {})).toEqual([
      'AGENT_MEMORY_PG_PASSWORD',
      'AGENT_MEMORY_REDIS_PASSWORD',
      'AGENT_MEMORY_HTTP_ADMIN_KEY',
    ])
  })

  test('two replicas take them', () => {
    expect(deployment?.replicas).toBe(2)
    const sources = container?.envFrom.flatMap((source) => Object.values(source).map(({ name }) => name))
    const settings = ['ConfigMap', 'Secret']
    const names = manifests.filter(({ kind }) => settings.includes(kind)).map(({ metadata }) => metadata.name)
    expect(sources).toEqual(names)
  })

  test('the user and the folders are those of the image; nothing else can be written', () => {
    const { runAsUser, runAsGroup, runAsNonRoot } = pod?.securityContext ?? {}
    expect({ user: `${runAsUser}:${runAsGroup}`, runAsNonRoot }).toEqual({
      user: lastOf('USER'),
      runAsNonRoot: true,
    })
    expect(container?.securityContext).toMatchObject({ readOnlyRootFilesystem: true })
    // The entrypoint makes its pipe in /tmp.
    expect(container?.volumeMounts.map(({ mountPath }) => mountPath)).toEqual([lastOf('VOLUME'), '/tmp'])
  })

  test('it serves HTTP, and gets requests while it says that it is ready', () => {
    expect(container?.args).toEqual(['serve'])
    const port = container?.ports[0]
    expect(port?.containerPort).toBe(readConfig({}).http.port)
    expect(container?.readinessProbe.httpGet).toEqual({ path: '/ready', port: port?.name })
    expect(manifests.find(({ kind }) => kind === 'Service')).toBeDefined()
  })

  test('it is asked in the same way as by Docker', () => {
    expect(container?.startupProbe.exec.command).toEqual(healthCommand())
  })
})
