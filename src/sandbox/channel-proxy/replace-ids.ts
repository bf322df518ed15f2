/** Keys under which Bot Framework and Adaptive Cards keep channel ids: accounts, and who a card refreshes for. */
const SINGLE = "id";
const LIST = "userIds";
/** What a roster (Playground 0.2.28 and Teams) tells besides about a person whose identity is replaced. */
const TELLTALE: ReadonlySet<string> = new Set(["givenName", "surname", "email", "userPrincipalName"]);

/** What an account is called on the other side: its id, and whatever of it changes along with the id. */
export interface Account {
	readonly id: string;
	readonly name?: string;
	readonly aadObjectId?: string;
}

export type Replace = (id: string) => Account | undefined;

/**
 * Copies JSON with every account replaced that `replace` knows, also those in mention entities. Name and
 * object id go along, so that nobody is half one person and half another.
 *
 * @param skip keys whose content belongs to the bot and must come through untouched
 */
export function replaceIds(value: unknown, replace: Replace, skip: ReadonlySet<string>): unknown {
	if (Array.isArray(value)) return value.map((item) => replaceIds(item, replace, skip));
	if (typeof value !== "object" || value === null) return value;
	const known = (id: unknown): unknown => (typeof id === "string" ? (replace(id)?.id ?? id) : id);
	const copy = Object.fromEntries(
		Object.entries(value).map(([key, inner]) => {
			if (skip.has(key)) return [key, inner];
			if (key === LIST && Array.isArray(inner)) return [key, inner.map(known)];
			return [key, replaceIds(inner, replace, skip)];
		}),
	);
	const id: unknown = copy[SINGLE];
	const account = typeof id === "string" ? replace(id) : undefined;
	return account === undefined ? copy : withAccount(copy, account);
}

function withAccount(copy: Record<string, unknown>, account: Account): object {
	if (account.aadObjectId === undefined) return { ...copy, ...account };
	const kept = Object.entries(copy).filter(([key]) => !TELLTALE.has(key));
	return {
		...Object.fromEntries(kept),
		...account,
		...("objectId" in copy ? { objectId: account.aadObjectId } : {}),
	};
}

/** Replaces ids in a path segment by segment; segments that stay keep the encoding they came with. */
export function replaceIdsInPath(pathAndQuery: string, replace: Replace): string {
	const query = pathAndQuery.indexOf("?");
	const path = query < 0 ? pathAndQuery : pathAndQuery.slice(0, query);
	const replaced = path.split("/").map((segment) => {
		const other = replace(decodeSegment(segment));
		return other === undefined ? segment : encodeURIComponent(other.id);
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
