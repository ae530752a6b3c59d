import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { PostgresAddressError, readPostgresAddress } from '../domain/places/postgres-address.ts'
import { atHome, place } from './paths.ts'

// Kinds of settings: each says in a few words what it wants.

const FLAGS = ['true', 'false', '1', '0', 'yes', 'no', 'on', 'off'] as const
const ON: readonly string[] = ['true', '1', 'yes', 'on']

function isOn(text: string): boolean {
  return ON.includes(text)
}

export function flag(defaultText: 'true' | 'false') {
  return z.enum(FLAGS, 'expected true or false').default(defaultText).transform(isOn)
}

/** A flag whose default depends on where it is asked. */
export function openFlag() {
  return z.enum(FLAGS, 'expected true or false').transform(isOn).optional()
}

export function integer(min: number, max: number) {
  const range = `expected a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\s*\d+\s*$/, range)
    .transform(Number)
    .refine((value) => value >= min && value <= max, range)
}

export function addressList() {
  const expected = 'expected host:port,host:port with ports from 1 to 65535'
  return z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.string().regex(/^\[?[^\s,/@]+\]?:\d{1,5}$/, expected)))
    .transform((parts) =>
      parts.map((part) => {
        const colon = part.lastIndexOf(':')
        return { host: part.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(part.slice(colon + 1)) }
      }),
    )
    .refine((addresses) => addresses.every(({ port }) => port >= 1 && port <= 65_535), expected)
}

/** A wrong value is described without its text: it may hold a password. */
export function redisAddress() {
  const problem =
    'expected redis://user:password@host:6379/0 (rediss:// for TLS; valkey:// and valkeys:// are the same), or unix:/path/of/socket?db=0'
  return z.string().refine((text) => (text.startsWith('unix:') ? isSocket(text) : isRedisUrl(text)), problem)
}

function isRedisUrl(text: string): boolean {
  if (!/^(redis|valkey)s?:\/\//.test(text) || !URL.canParse(text)) return false
  const { hostname, pathname, search, hash } = new URL(text)
  return hostname !== '' && /^(\/\d*)?$/.test(pathname) && search === '' && hash === ''
}

function isSocket(text: string): boolean {
  return /^unix:(\/\/)?\/[^?#@]+(\?db=\d+)?$/.test(text)
}

/** `key:agent_id` pairs. What is wrong with one is said without it. */
export function apiKeys() {
  const expected = 'expected key:agent_id,key:agent_id'
  return z
    .string()
    .default('')
    .transform(partsOf)
    .pipe(z.array(z.string().regex(/^[^:\s]+:[^\s].{0,255}$/u, expected)))
    .transform((parts) =>
      parts.map((part) => {
        const colon = part.indexOf(':')
        return { key: part.slice(0, colon), agentId: part.slice(colon + 1).trim() }
      }),
    )
    .refine((pairs) => pairs.every(isOnePair), `${expected}; only commas stand between two`)
    .refine((pairs) => pairs.every(isAlone), `${expected}, each key once`)
}

interface KeyPair {
  readonly key: string
  readonly agentId: string
}

/** A second key would be a part of the agent's name, which logs, events and locks show. */
function isOnePair({ key, agentId }: KeyPair): boolean {
  return !/^["'[{]/.test(key) && !/[;|\s].*:|"/.test(agentId)
}

function isAlone({ key, agentId }: KeyPair, _at: number, pairs: readonly KeyPair[]): boolean {
  return pairs.every((other) => other.key !== key || other.agentId === agentId)
}

/** Names of hosts, in lower case. */
export function nameList() {
  return z
    .string()
    .default('')
    .transform(partsOf)
    .pipe(z.array(hostName()))
    .transform((names) => names.map((name) => name.toLowerCase()))
}

/** Where web pages come from: scheme, host and port. */
export function originList() {
  const expected = 'expected https://host,https://host without paths'
  return z
    .string()
    .default('')
    .transform(partsOf)
    .pipe(z.array(z.string().refine((text) => URL.canParse(text) && isOrigin(text), expected)))
    .transform((texts) => texts.map((text) => new URL(text).origin))
}

function isOrigin(text: string): boolean {
  const { protocol, pathname, search, hash } = new URL(text)
  return /^https?:$/.test(protocol) && pathname === '/' && search === '' && hash === ''
}

function partsOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
}

/** An address whose traffic cannot be listened to: https, or this machine itself. */
export function httpsUrl() {
  const expected = 'expected https://host/path (http only for localhost and 127.0.0.1)'
  return z.string().refine((text) => {
    if (!URL.canParse(text)) return false
    const { protocol, hostname, username, search, hash } = new URL(text)
    const isPlain = username === '' && search === '' && hash === ''
    return (
      isPlain &&
      (protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)))
    )
  }, expected)
}

export function hostName() {
  return (
    z
      .string()
      .regex(/^[^\s/@]+$/, 'expected a host name or an IP address')
      .regex(/^(?!\[.*\]:|[^:]*:[^:]*$)/, 'expected a host alone: its port has a setting of its own')
      // In an address IPv6 stands in brackets, as the name of a host without.
      .overwrite((host) => host.replace(/^\[([\da-f:.]+)\]$/i, '$1'))
  )
}

/** The beginning of a key, or a channel: anything that can be seen and typed. */
export function keyText() {
  const problem = 'expected 1 to 256 characters without spaces and control characters'
  return z.string().regex(/^[^\s\p{Cc}]{1,256}$/u, problem)
}

export function certificateFile() {
  return place()
    .transform(atHome)
    .refine((path) => holdsCertificate(path), 'expected a file with a certificate (PEM)')
}

/** Whether it fits its certificate shows when the connection is made. */
export function keyFile() {
  return place()
    .transform(atHome)
    .refine((path) => holdsKey(path), 'expected a file with a private key (PEM) without a passphrase')
}

function holdsKey(path: string): boolean {
  try {
    return createPrivateKey(readFileSync(path)).type === 'private'
  } catch {
    return false
  }
}

function holdsCertificate(path: string): boolean {
  try {
    return new X509Certificate(readFileSync(path)).subject !== undefined
  } catch {
    return false
  }
}

/** What is wrong is said without a piece of the address: it may hold a password. */
export function postgresUrl() {
  return z.string().superRefine((text, context) => {
    try {
      readPostgresAddress(text)
    } catch (error) {
      if (!(error instanceof PostgresAddressError)) throw error
      context.addIssue({ code: 'custom', message: error.message })
    }
  })
}
