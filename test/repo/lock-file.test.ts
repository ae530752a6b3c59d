import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type LockedPackages, missingOptionals, platformEntry } from '../../scripts/lock-file.ts'

test('package-lock.json has the native packages of every platform, so that `npm ci` takes it everywhere', () => {
  const file = join(import.meta.dirname, '../../package-lock.json')
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: LockedPackages }
  expect(missingOptionals(packages)).toEqual([])
})

test('a missing one is seen, one in a folder above is found', () => {
  const packages = {
    '': {},
    'node_modules/tool': {
      optionalDependencies: { '@tool/linux-x64': '1.0.0', '@tool/darwin-arm64': '1.0.0' },
    },
    'node_modules/other/node_modules/tool': { optionalDependencies: { '@tool/linux-x64': '1.0.0' } },
    'node_modules/@tool/linux-x64': { version: '1.0.0' },
  }
  expect(missingOptionals(packages)).toEqual([{ name: '@tool/darwin-arm64', version: '1.0.0' }])
})

test.each([
  ['@tool/cli-win32-ia32-msvc', { os: ['win32'], cpu: ['ia32'] }],
  ['@tool/binding-linux-arm-musleabihf', { os: ['linux'], cpu: ['arm'], libc: ['musl'] }],
  ['@tool/core-linux-s390x-gnu', { os: ['linux'], cpu: ['s390x'], libc: ['glibc'] }],
  ['@tool/darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
])('the platform of %s is read from its name', (name, platform) => {
  expect(platformEntry({ name, version: '1.2.3' })).toEqual({
    version: '1.2.3',
    dev: true,
    optional: true,
    ...platform,
  })
})

test('a package that names no platform is not guessed', () => {
  expect(() => platformEntry({ name: 'fsevents', version: '2.3.3' })).toThrow('for which platform?')
})
