/** Keys under which Bot Framework and Adaptive Cards keep channel ids: accounts, and who a card refreshes for. */
const SINGLE = "id";
const LIST = "userIds";

/**
 * Copies JSON with every account id replaced that `replace` knows, also those in mention entities.
 *
 * @param skip keys whose content belongs to the bot and must come through untouched
 */
export function replaceIds(
	value: unknown,
	replace: (id: string) => string | undefined,
	skip: ReadonlySet<string>,
): unknown {
	if (Array.isArray(value)) return value.map((item) => replaceIds(item, replace, skip));
	if (typeof value !== "object" || value === null) return value;
	const known = (id: unknown): unknown => (typeof id === "string" ? (replace(id) ?? id) : id);
	return Object.fromEntries(
		Object.entries(value).map(([key, inner]) => {
			if (skip.has(key)) return [key, inner];
			if (key === SINGLE && typeof inner === "string") return [key, known(inner)];
			if (key === LIST && Array.isArray(inner)) return [key, inner.map(known)];
			return [key, replaceIds(inner, replace, skip)];
		}),
	);
}

/** Replaces ids in a path segment by segment; segments that stay keep the encoding they came with. */
export function replaceIdsInPath(pathAndQuery: string, replace: (id: string) => string | undefined): string {
	const query = pathAndQuery.indexOf("?");
	const path = query < 0 ? pathAndQuery : pathAndQuery.slice(0, query);
	const replaced = path.split("/").map((segment) => {
		const other = replace(decodeSegment(segment));
		return other === undefined ? segment : encodeURIComponent(other);
	});
	return replaced.join("/") + (query < 0 ? "" : pathAndQuery.slice(query));
}

/** A segment that is not valid percent-encoding is nobody's id, so it is returned as it is. */
export function decodeSegment(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch (error) {
		if (error instanceof URIError) return segment;
		throw error;
	}
}
