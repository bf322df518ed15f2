/** The hosts to which the bot may speak with its own token. */
export interface ServiceHosts {
	allows(url: string): boolean;
	/** @throws ServiceHostRefused when the host is not on the list */
	mustAllow(url: string): void;
}

/** A reply was to go to a host that is not on the list; no token was attached. */
export class ServiceHostRefused extends Error {
	readonly code = "service-host-refused";
	constructor(host: string) {
		super(`${host} is not in SERVICE_URL_HOSTS; nothing was sent to it`);
	}
}

/** Whether an address leads over https, and without a name in it that only looks like one, to a host that fits. */
export function isOnHost(url: string, fits: (host: string) => boolean): boolean {
	const parsed = URL.canParse(url) ? new URL(url) : undefined;
	return parsed?.protocol === "https:" && parsed.username === "" && fits(parsed.host);
}

/** `entries` are `host` (its default https port) or `host:port`, in lower case. */
export function createServiceHosts(entries: readonly string[]): ServiceHosts {
	const allowed = new Set(entries);
	const allows = (url: string) => isOnHost(url, (host) => allowed.has(host));
	return {
		allows,
		mustAllow(url) {
			if (!allows(url))
				throw new ServiceHostRefused(URL.canParse(url) ? new URL(url).host : "an unreadable address");
		},
	};
}
