import { connect as connectPlain, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AbstractConnector, type RedisOptions } from 'ioredis';

/** Room for the replies of many turns: one of 128 rows with full histories takes some 2 MB. */
const SLAB_BYTES = 4 * 2 ** 20;
/** With less room than this the next read begins at the start again: a read takes what is there, up to the room. */
const LEAST_ROOM = 256 * 2 ** 10;

/**
 * Where the replies of one connection are read into, again and again. Node gives every read of a socket a buffer of its
 * own, and those that live through a scavenge are freed only by a full collection: at 10,000 transactions a second
 * that was 40 MB a second, and a full collection every other second for nothing else.
 *
 * Buffers of replies are slices of it, and good until the owner of the connection has called `release` and as much
 * again was read. What comes between two releases is never overwritten: where it does not fit, a new slab is taken.
 */
export class ReplyArena {
  private slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  private at = 0;
  /** Up to here the next read may write: the end of the slab, or what has to be kept. */
  private end = SLAB_BYTES;
  /** Where what was read since the last release begins. */
  private kept = 0;
  private turnedBack = false;

  /** Nothing that was read before is needed any more, once the replies to what is sent now are there. */
  release(): void {
    this.kept = this.at;
    this.end = SLAB_BYTES;
    this.turnedBack = false;
  }

  /** Room for the next read. */
  room(): Buffer {
    if (this.end - this.at < LEAST_ROOM) this.turnBack();
    return this.slab.subarray(this.at, this.end);
  }

  private turnBack(): void {
    this.at = 0;
    // A second time around, or nearly: it does not fit.
    if (this.turnedBack || this.kept < LEAST_ROOM) {
      this.slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.release();
    } else {
      this.end = this.kept;
      this.turnedBack = true;
    }
  }

  /** What a read brought, from the start of the room that it was given. */
  took(bytes: number): Buffer {
    const part = this.slab.subarray(this.at, this.at + bytes);
    this.at += bytes;
    return part;
  }
}

type ConnectorClass = NonNullable<RedisOptions['Connector']>;

/** A way to connect, for ioredis, with which a connection reads into an arena; otherwise as its own. */
export function connectorInto(arena: ReplyArena): ConnectorClass {
  return class extends AbstractConnector {
    constructor(private readonly options: RedisOptions) {
      super(options.disconnectTimeout ?? 0);
    }

    override async connect(): ReturnType<AbstractConnector['connect']> {
      this.connecting = true;
      // As the connector of ioredis does it: `disconnect` may come before there is a socket.
      await new Promise<void>((done) => {
        process.nextTick(done);
      });
      if (!this.connecting) throw new Error('Connection is closed.');
      const socket = open(this.options, arena);
      this.stream = socket;
      socket.once('error', (cause) => {
        this.firstError = cause;
      });
      return socket;
    }
  } as ConnectorClass;
}

function open({ host, port, family, tls }: RedisOptions, arena: ReplyArena): Socket {
  const options: NetConnectOpts = {
    host: host ?? 'localhost',
    port: port ?? 6379,
    ...(family === undefined ? {} : { family }),
    onread: {
      buffer: () => arena.room(),
      callback: (bytes) => socket.emit('data', arena.took(bytes)),
    },
  };
  const socket: Socket = tls === undefined ? connectPlain(options) : connectTls({ ...options, ...tls });
  return socket;
}
