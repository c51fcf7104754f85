// Package guard decides what may run: how large and how deep an operation may be, and how much it may bring.
//
// It looks three times, each look bounded by the one before: at the bytes of the document, before anything recurses over
// them; at the parsed document, before it is validated; and at the validated operation with its variables. It also holds the
// bytes and the errors of an answer to their bounds. A document that passed is remembered, so that the next look at it is one
// in a map.
//
// It knows the shape of GraphQL, and nothing of what the fields mean: no resolver, no SQL, no rule about who may see what.
package guard
