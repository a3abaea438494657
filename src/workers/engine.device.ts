import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { ConvScopeError } from '../models/errors.ts';
import { closeBackend, startBackend, type BackendHost, type RunningBackend } from './backend.ts';
import type { BackendName, BackendReport } from './contract.ts';

const lossMilliseconds = 300;

/** The backend that an engine computes on, through its whole life: started, changed, lost, replaced. */
export class Device {
  private running: RunningBackend | null = null;
  private wanted: BackendName | 'auto';
  private lostMessage: string | null = null;
  private losses = 0;

  constructor(
    private readonly host: BackendHost,
    wanted: BackendName | 'auto',
    private readonly onLost: () => void,
  ) {
    this.wanted = wanted;
  }

  get report(): BackendReport | null {
    return this.running?.report ?? null;
  }

  get lost(): string | null {
    return this.lostMessage;
  }

  /**
   * Whether an error comes from a lost device. The loss is told in a task of its own, which may come after the read that
   * it makes fail: an error on a GPU that nobody foresaw waits for it a moment.
   */
  async isLostAfter(error: unknown): Promise<boolean> {
    const foreseen = error instanceof ConvScopeError || this.running?.report.threads !== 0;
    for (let waited = 0; !foreseen && this.lostMessage === null && waited < lossMilliseconds; waited += 10) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return this.lostMessage !== null;
  }

  /** Takes over the tfjs engine, which other engines of the process may have set to another backend. */
  async makeCurrent(): Promise<BackendReport> {
    const running = this.running ?? (await this.open(this.wanted));
    if (getBackend() !== running.name) await setBackend(running.name);
    return running.report;
  }

  /** True where `start(wanted)` would change nothing. */
  isSettledOn(wanted: BackendName | 'auto'): boolean {
    return this.running !== null && this.lostMessage === null && this.wanted === wanted;
  }

  /**
   * Closes what runs and opens what is wanted. All tensors must have been disposed before. Where that fails, what ran
   * before is opened again and the error ('backend-unavailable') is passed on.
   */
  async change(wanted: BackendName | 'auto'): Promise<BackendReport> {
    const before = this.running ? this.wanted : null;
    this.close();
    this.losses = 0;
    try {
      return (await this.open(wanted)).report;
    } catch (error) {
      if (before !== null) await this.open(before);
      throw error;
    }
  }

  /**
   * After a loss: once the same backend again, then the best other one. Throws 'device-lost' where nothing starts.
   */
  async replace(): Promise<{ message: string; report: BackendReport }> {
    const name = this.running?.name ?? 'webgpu';
    const message = this.lostMessage ?? 'the graphics device was lost';
    this.close();
    this.losses += 1;
    if (this.losses === 1) {
      const again = await this.open(this.wanted).catch(() => null);
      if (again) return { message, report: again.report };
    }
    try {
      const other = await this.open('auto', [{ backend: name, reason: 'device-lost', detail: message }]);
      return { message, report: other.report };
    } catch (error) {
      throw new ConvScopeError(
        'device-lost',
        `The graphics device was lost (${message}) and no other backend starts. Reload the page.`,
        { detail: error instanceof Error ? error.message : String(error) },
      );
    }
  }

  private async open(
    wanted: BackendName | 'auto',
    passedOver: BackendReport['skipped'] = [],
  ): Promise<RunningBackend> {
    const running = await startBackend(
      this.host,
      wanted,
      (message) => {
        // A backend that was closed since cannot be lost any more.
        if (this.running !== running) return;
        this.lostMessage = message;
        this.onLost();
      },
      passedOver,
    );
    this.running = running;
    this.wanted = wanted;
    return running;
  }

  /** Whether programs are compiled on first use. An imitation of a GPU compiles too, but computes slower than that. */
  get compiles(): boolean {
    return this.running?.report.threads === 0 && !this.running.open.software;
  }

  /** Frees buffers that no tensor uses: after a change of network they have sizes that nobody asks for again. */
  purge(): void {
    this.running?.open.purge?.();
  }

  gpuBytes(): number | undefined {
    return this.running?.open.gpuBytes?.();
  }

  /** Throws for what the GPU complained of: it goes on with zeros and throws nothing itself. */
  throwComplaints(): void {
    const complaint = this.running?.open.takeComplaints?.().at(0);
    if (!complaint) return;
    if (complaint.kind === 'out-of-memory') {
      throw new ConvScopeError(
        'out-of-memory',
        `The graphics memory is full: ${complaint.message}. Choose the wasm backend or a smaller network.`,
        { detail: complaint.message },
      );
    }
    throw new ConvScopeError(
      'internal',
      `The graphics device refused a step: ${complaint.message}. Choose the wasm backend.`,
      { detail: complaint.message },
    );
  }

  close(): void {
    if (this.running) closeBackend(this.running.name, this.running.open);
    this.running = null;
    this.lostMessage = null;
  }
}
