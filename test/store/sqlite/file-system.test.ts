import { mkdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { networkFileSystem, refuseNetworkFileSystem } from '../../../src/store/sqlite/file/file-system.ts'
import { withFolder } from './files.ts'

const FUSE = 0x65735546
const path = join(tmpdir(), 'memory.db')
const typed = (type: number, table = '') => ({ typeOf: () => type, table: () => table })

describe('the file system of the database', () => {
  test.each([
    [0x6969, 'NFS'],
    [0xff534d42, 'CIFS'],
    [0xfe534d42, 'SMB2'],
    [0x00c36400, 'Ceph'],
    [0x19830326, 'BeeGFS'],
  ])('is refused when its number is that of a network (%i)', (type, name) => {
    expect(() => refuseNetworkFileSystem(path, typed(type))).toThrow(
      `${path} is on ${name}, a network file system: SQLite's locks do not hold there.`,
    )
  })

  test.each([0xef53, 0x9123683e, 0x58465342, 0x01021994, 0x794c7630, 0])(
    'is fine when it is local (%i)',
    (type) => {
      expect(networkFileSystem(path, typed(type))).toBeUndefined()
    },
  )

  test('behind FUSE is found by the longest mount above the file', () =>
    withFolder((folder) => {
      const place = join(folder, 'my files')
      mkdirSync(place)
      const table = [
        '/dev/sda1 / ext4 rw 0 0',
        `me@host:/srv ${folder} fuse.sshfs rw 0 0`,
        `/dev/sdb1 ${join(folder, 'my\\040files')} fuseblk rw 0 0`,
      ].join('\n')
      expect(networkFileSystem(join(folder, 'memory.db'), typed(FUSE, table))).toBe('fuse.sshfs')
      expect(networkFileSystem(join(place, 'memory.db'), typed(FUSE, table))).toBeUndefined()
    }))

  test.each(['fuse.rclone', 'fuse.s3fs', 'fuse.glusterfs', 'fuse.gcsfuse'])(
    '%s reaches another machine',
    (kind) => {
      expect(networkFileSystem(path, typed(FUSE, `x / ${kind} rw 0 0`))).toBe(kind)
    },
  )

  test.each(['fuse.mergerfs', 'fuseblk', 'fuse.bindfs', 'fuse.encfs'])('%s does not', (kind) => {
    expect(networkFileSystem(path, typed(FUSE, `x / ${kind} rw 0 0`))).toBeUndefined()
  })

  test.each([
    [
      'WSL 2, older',
      0x01021997,
      'C:\\134 / 9p rw,aname=drvfs;path=C:\\;uid=1000,trans=fd,rfd=8,wfd=8 0 0',
      'drvfs',
    ],
    ['WSL 2', 0x01021997, 'drvfs / 9p rw,aname=drvfs;path=C:\\,access=client,trans=virtio 0 0', 'drvfs'],
    ['WSL 1', 0x53464846, 'C: / drvfs rw,noatime,uid=1000 0 0', 'drvfs'],
    ['a virtual machine', 0x01021997, 'share / 9p rw,access=client,trans=virtio 0 0', '9p'],
    ['a 9p server', 0x01021997, '10.0.0.2 / 9p rw,trans=tcp,port=564 0 0', '9p'],
    ['virtiofs', FUSE, 'share / virtiofs rw,relatime 0 0', 'virtiofs'],
    ["gVisor's own", 0x01021997, 'none / 9p rw,trans=fd,rfdno=4,wfdno=4,aname=/ 0 0', undefined],
    ["WSL 1's own", 0x53464846, 'rootfs / wslfs rw,noatime 0 0', undefined],
  ])('%s counts as what it is', (_what, type, table, name) => {
    const found = networkFileSystem(path, typed(type, table))
    expect(found?.split(' ')[0]).toBe(name)
  })

  test('of a later mount on the same folder counts', () => {
    const table = 'x / ext4 rw 0 0\ny / fuse.sshfs rw 0 0'
    expect(networkFileSystem(path, typed(FUSE, table))).toBe('fuse.sshfs')
  })

  test('is asked where a link leads, and of the nearest folder that exists', () =>
    withFolder((folder) => {
      mkdirSync(join(folder, 'share'))
      symlinkSync(join(folder, 'share'), join(folder, 'link'))
      const asked: string[] = []
      const typeOf = (place: string) => asked.push(place)
      networkFileSystem(join(folder, 'link', 'a', 'b', 'memory.db'), { typeOf, table: () => '' })
      expect(asked).toEqual([join(folder, 'share')])
    }))

  test('of Windows shares is refused by their name', () => {
    expect(networkFileSystem('\\\\server\\share\\memory.db', typed(0))).toBe('a network share')
  })

  test('of this machine is really asked', () =>
    withFolder((folder) => {
      expect(() => refuseNetworkFileSystem(join(folder, 'memory.db'))).not.toThrow()
    }))
})
