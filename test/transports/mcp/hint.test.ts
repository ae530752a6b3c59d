import { expect, test } from 'vitest'
import { howToConnect } from '../../../src/transports/mcp/stdio/hint.ts'

test('the hint names the memory and the commands of this very program', () => {
  const hint = howToConnect({
    database: '/home/ann/.agent-memory/memory.db',
    program: ['/opt/node', '/home/ann b/main.js'],
  })
  expect(hint).toContain('/home/ann/.agent-memory/memory.db')
  expect(hint).toContain('    /opt/node "/home/ann b/main.js" setup\n')
  expect(hint).toContain('    /opt/node "/home/ann b/main.js" mcp\n')
})
