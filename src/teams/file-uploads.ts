import type { FileUploads } from "../app/ports.js";
import { messageWithCause } from "../core/thrown.js";
import { isOnHost } from "./service-hosts.js";

/** A file of some megabytes takes seconds; in milliseconds. */
const UPLOAD_TIMEOUT_MS = 60_000;

/**
 * Puts files where Teams says after a person has accepted them: into an upload session in that person's OneDrive.
 * `entries` are hosts in lower case; `*.example.com` stands for all under it. The address itself is the permission,
 * so no token goes along, and no other address is followed to.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4
 */
export function createFileUploads(entries: readonly string[]): FileUploads {
	const fits = (host: string) =>
		entries.some((entry) => (entry.startsWith("*.") ? host.endsWith(entry.slice(1)) : host === entry));
	return {
		allows: (url) => isOnHost(url, fits),
		async put(url, bytes) {
			if (!this.allows(url)) return { kind: "problem", detail: "the host is not in FILE_UPLOAD_HOSTS" };
			try {
				const size = bytes.byteLength;
				const response = await fetch(url, {
					method: "PUT",
					headers: {
						"content-type": "application/octet-stream",
						"content-range": `bytes 0-${size - 1}/${size}`,
					},
					body: bytes,
					redirect: "error",
					signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
				});
				await response.body?.cancel();
				// 202 says that more is waited for, which there is not.
				return response.status === 200 || response.status === 201
					? { kind: "uploaded" }
					: { kind: "problem", detail: `HTTP ${response.status}` };
			} catch (error) {
				return { kind: "problem", detail: messageWithCause(error) };
			}
		},
	};
}
