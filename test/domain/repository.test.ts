import { expect, test } from 'vitest'
import { normaliseRemote } from '../../src/domain/places/repository.ts'

test.each([
  'git@github.com:Acme/App.git',
  'github.com:acme/app',
  'ssh://git@github.com/acme/app.git',
  'ssh://git@github.com:22/acme/app',
  'https://github.com/acme/app',
  'https://github.com/acme/app/',
  'https://ada:secret@github.com/acme/app.git/',
  'git://github.com/acme/app.git',
  ' https://github.com//acme/app.git ',
  'https://www.github.com/acme/app',
  'ssh://git@ssh.github.com:443/acme/app.git',
])('%s is github.com/acme/app', (address) => {
  expect(normaliseRemote(address)).toBe('github.com/acme/app')
})

test.each([
  ['ssh://git@altssh.gitlab.com:443/acme/app.git', 'git@gitlab.com:acme/app.git'],
  ['git@ssh.dev.azure.com:v3/acme/shop/app', 'https://acme@dev.azure.com/acme/shop/_git/app'],
])('%s is %s', (one, other) => expect(normaliseRemote(one)).toBe(normaliseRemote(other)))

test.each([
  '/srv/git/app.git',
  '../app',
  'file:///srv/app.git',
  'C:\\repos\\app',
  '',
  'https://github.com/',
  'host:',
])('%j means nothing elsewhere', (address) => expect(normaliseRemote(address)).toBeUndefined())
