/**
 * Checks Graph's base address. Only https: the Graph client silently drops the token for anything
 * else, and every call would then fail as unauthorized.
 *
 * @throws when the address is not an https URL
 */
export function parseEndpoint(endpoint: string): URL {
	const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
	if (url?.protocol !== "https:") throw new Error(`GRAPH_ENDPOINT must be an https address: ${endpoint}`);
	return url;
}

/**
 * A link that Graph sent, if it leads back to the same host; otherwise `undefined`, because following
 * it would hand our token to a stranger.
 */
export function ownLink(endpoint: URL, link: string): string | undefined {
	const url = URL.canParse(link) ? new URL(link) : undefined;
	if (url?.origin !== endpoint.origin || url.username !== "" || url.password !== "") return undefined;
	return url.href;
}

/** A value as one segment of a path, or `undefined` when it cannot be one: `..` would change the path. */
export function pathSegment(value: string): string | undefined {
	return value === "" || value === "." || value === ".." ? undefined : encodeURIComponent(value);
}

/** A value as a quoted string inside `$filter`; OData doubles the quotes in it. */
export function filterString(value: string): string {
	return encodeURIComponent(`'${value.replaceAll("'", "''")}'`);
}
