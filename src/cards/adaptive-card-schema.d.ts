/**
 * Stands in for the sources of the `adaptivecards` package, which the types of adaptivecards-templating
 * import although the package does not depend on it.
 */
export type IAdaptiveCard = object;
