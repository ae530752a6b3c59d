import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A private certificate authority, and what it signed for a server on this machine. All PEM. */
export interface TestCertificates {
  readonly ca: string
  readonly key: string
  readonly certificate: string
}

/** Made anew by openssl: for that name (not for 127.0.0.1), good for a day. */
export function makeCertificates(host = 'localhost'): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-tls-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const newKey = ['-newkey', 'rsa:2048', '-nodes']
  try {
    openssl(
      ...['req', '-x509', '-days', '1', ...newKey, '-subj', '/CN=Test CA'],
      ...['-keyout', 'ca.key', '-out', 'ca.crt'],
    )
    openssl(
      ...[
        'req',
        '-x509',
        '-days',
        '1',
        ...newKey,
        '-subj',
        `/CN=${host}`,
        '-CA',
        'ca.crt',
        '-CAkey',
        'ca.key',
      ],
      ...['-addext', `subjectAltName=DNS:${host}`, '-addext', 'basicConstraints=CA:FALSE'],
      ...['-keyout', 'server.key', '-out', 'server.crt'],
    )
    return { ca: read('ca.crt'), key: read('server.key'), certificate: read('server.crt') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
