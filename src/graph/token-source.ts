import type { TokenCredential } from "@azure/identity";

/**
 * Where Graph tokens come from. Any `TokenCredential` will do; one that can also `renew` lets a
 * refused token be replaced before it expires.
 */
export interface TokenSource extends TokenCredential {
	/** Forgets `spent`, a token that Graph refused. True when the next token will be another one. */
	renew?(spent: string): boolean;
}

/** Backup and Recovery exists in the global cloud only, so the audience never changes. */
export const GRAPH_SCOPE = "https://graph.microsoft.com/.default";

/** Whether Entra was reached and answered no, as opposed to not being reached. */
export function entraRefused(error: unknown): boolean {
	return typeof error === "object" && error !== null && "code" in error && error.code === "entra-refused";
}
