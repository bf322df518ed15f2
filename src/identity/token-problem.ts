/**
 * Why there is no token. `entra-refused`: Entra answered no (a wrong secret, an unknown or disabled
 * app), and asking again will not help. `entra-unavailable`: Entra could not be reached, was too slow
 * or is troubled; asking again may help.
 */
export class TokenProblem extends Error {
	override readonly name = "TokenProblem";

	constructor(
		readonly code: "entra-refused" | "entra-unavailable",
		message: string,
		options?: { readonly cause?: unknown },
	) {
		super(message, options);
	}
}
