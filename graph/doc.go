// Package graph is the GraphQL edge: resolvers of one to eight lines, what loads rows together, and how errors are shown.
//
// It holds no rule and no SQL: who may see or do what is decided in logic, which is asked for everything.
package graph

//go:generate go run ../tools/gqlgen
