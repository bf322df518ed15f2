const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/** Whether a text is a GUID as Entra, Graph and the database write them: with dashes, and with nothing around it. */
export function isGuid(text: string): boolean {
	return GUID.test(text);
}
