package direct

import (
	"unsafe"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"headwater/graph/bounded"
)

// Plans makes the plans of operations, each once, and remembers them in a bounded number of bytes. It may be used by many
// goroutines.
type Plans struct {
	schema *ast.Schema
	table  Table
	known  *bounded.Cache[planKey, *Plan]
}

// planKey names an operation, and what its boolean variables are: they may decide which fields are in it.
type planKey struct {
	operation *ast.OperationDefinition
	flags     string
}

// NewPlans returns what makes plans for a schema and generated code with this table, and remembers about limit bytes of them.
func NewPlans(schema *ast.Schema, table Table, limit int) *Plans {
	return &Plans{schema, table, bounded.New(limit, planBytes)}
}

// planBytes returns about how many bytes a plan takes, with the document that it keeps.
func planBytes(key planKey, plan *Plan) int {
	bytes := len(key.flags)
	if position := key.operation.Position; position != nil {
		bytes += documentBytes * len(position.Src.Input)
	}
	if plan != nil {
		bytes += plan.fields * (int(unsafe.Sizeof(Field{})) + keyBytes)
	}
	return bytes
}

// What a plan takes beside its fields: about these many bytes for each byte of the document's text, as package guard measured
// them, and for each field's key and its place among the types.
const (
	documentBytes = 120
	keyBytes      = 64
)

// Of returns the plan of an operation; nil where gqlgen's executor has to answer it.
func (p *Plans) Of(operation *graphql.OperationContext) *Plan {
	key := planKey{operation.Operation, flagsOf(operation)}
	if plan, ok := p.known.Get(key); ok {
		return plan
	}
	plan := compile(p.schema, p.table, operation)
	p.known.Add(key, plan)
	return plan
}

// flagsOf returns the values of the operation's boolean variables, in their order.
func flagsOf(operation *graphql.OperationContext) string {
	var flags []byte
	for _, variable := range operation.Operation.VariableDefinitions {
		if variable.Type.NamedType != "Boolean" {
			continue
		}
		switch operation.Variables[variable.Variable] {
		case true:
			flags = append(flags, '1')
		case false:
			flags = append(flags, '0')
		default:
			flags = append(flags, '-')
		}
	}
	return string(flags)
}
