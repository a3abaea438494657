export function serve(
  folder: string,
  options?: { port?: number; host?: string; isolated?: boolean },
): Promise<{ url: string; close(): Promise<void> }>;
