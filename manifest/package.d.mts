export function writePackage(
	environment: Readonly<Record<string, string | undefined>>,
	path: string,
): Promise<{ readonly version: string }>;
export function validate(manifest: object): Promise<void>;
export function validateLanguage(texts: object, name: string): Promise<void>;
