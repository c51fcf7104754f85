// Package direct is what the generated direct executor runs on: plans of operations, and the walk through one that writes JSON.
//
// gqlgen's executor starts a goroutine for each element of a list, makes a tree of closures, and writes that out. The direct
// executor calls the same resolvers and reads the same Go fields in the order of the operation, and writes bytes into one buffer.
// What is special to the contract is generated (graph/gen/direct.go, by tools/gqlgen); what is the same for every contract stands
// here. Nothing of resolvers, and no rule, stands here.
//
// It answers as gqlgen's executor does, with two differences that the specification leaves open: when a field that may not be null
// is, what stands behind it in the same object is not asked any more; and errors come in the order of the operation. Interceptors
// of single fields (AroundFields, AroundRootFields) are passed by.
package direct
