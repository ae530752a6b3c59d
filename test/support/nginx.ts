import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

/** A private nginx that shares requests among instances, as docs/guides/team-server.md sets it up. */
export class Nginx {
  readonly address: string
  readonly #folder: string
  readonly #process: ChildProcess

  private constructor(folder: string, port: number, child: ChildProcess) {
    this.address = `http://127.0.0.1:${port}`
    this.#folder = folder
    this.#process = child
    process.on('exit', this.#remove)
  }

  /** With `smallBuffers` it buffers what it may, in two buffers of 2 KB, as one whose operator has not read the guide. */
  static async start(
    binary: string,
    instances: readonly string[],
    { smallBuffers = false } = {},
  ): Promise<Nginx> {
    const port = await freePort()
    const folder = mkdtempSync(join(tmpdir(), 'agent-memory-nginx-'))
    const path = join(folder, 'nginx.conf')
    writeFileSync(path, configuration({ folder, port, instances, smallBuffers }))
    const child = spawn(binary, ['-c', path, '-p', folder, '-e', 'stderr'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const nginx = new Nginx(folder, port, child)
    await nginx.#open()
    return nginx
  }

  async close(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'close')
      this.#process.kill('SIGTERM')
      await ended
    }
    process.off('exit', this.#remove)
    this.#remove()
  }

  async #open(): Promise<void> {
    let said = ''
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000)
    })
    const isEnded = () => this.#process.exitCode !== null || this.#process.signalCode !== null
    while (!isEnded()) {
      const isOpen = await fetch(`${this.address}/health`).then(
        ({ ok }) => ok,
        () => false,
      )
      if (isOpen) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`nginx ended: ${said}`)
  }

  readonly #remove = () => {
    this.#process.kill('SIGTERM')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function configuration({
  folder,
  port,
  instances,
  smallBuffers,
}: {
  folder: string
  port: number
  instances: readonly string[]
  smallBuffers: boolean
}): string {
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${join(folder, name)};`,
  )
  return [
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'daemon off;',
    'worker_processes 1;',
    `pid ${join(folder, 'nginx.pid')};`,
    'error_log stderr error;',
    'events { worker_connections 4096; }',
    'http {',
    '  access_log off;',
    ...places,
    '  upstream agent_memory {',
    ...instances.map((address) => `    server ${new URL(address).host};`),
    '    keepalive 16;',
    '  }',
    '  server {',
    `    listen 127.0.0.1:${port};`,
    '    client_max_body_size 8m;',
    '    location / {',
    '      proxy_pass http://agent_memory;',
    '      proxy_http_version 1.1;',
    '      proxy_set_header Connection "";',
    '      proxy_set_header Host $http_host;',
    '      proxy_set_header X-Forwarded-For $remote_addr;',
    ...(smallBuffers
      ? ['      proxy_buffer_size 2k; proxy_buffers 2 2k; proxy_busy_buffers_size 2k; output_buffers 1 1k;']
      : ['      proxy_buffering off;']),
    '      proxy_read_timeout 1h;',
    '    }',
    '  }',
    '}',
    '',
  ].join('\n')
}
