/** A file as the service shows it. Source: recorded answers, and `FileObject` of openai-node 7.57, November 2026. */
export interface FileObject {
  readonly object: "file";
  readonly id: string;
  readonly purpose: string;
  /** What the uploader called it. Data alone: it is no path of this server. */
  readonly filename: string;
  readonly bytes: number;
  /** Seconds since 1970, like all times of the service. */
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly status: "processed";
  readonly status_details: null;
}
