package graph

//go:generate go run ../tools/gqlgen
