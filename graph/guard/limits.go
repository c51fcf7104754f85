package guard

import "headwater/logic"

// Limits bounds what one request may ask. Every limit is the greatest number that passes; none may be zero.
type Limits struct {
	// Nesting counts braces, brackets and parentheses that stand open at once, in the bytes of the document.
	Nesting int `help:"Brackets of any kind that stand open at once."`
	// Tokens counts names, numbers, strings, comments and punctuators of the document.
	Tokens int `help:"Names, numbers, strings, comments and signs of a document."`
	// NameLength is in bytes.
	NameLength int `help:"Bytes of one name."`

	// Operations, Selections, Aliases and Directives are counted over the whole document, as it is written. Selections are
	// fields, inline fragments and spreads.
	Operations int `help:"Operations of a document."`
	Selections int `help:"Fields, inline fragments and spreads of a document, as it is written."`
	Aliases    int `help:"Aliases of a document."`
	Directives int `help:"Directives of a document."`
	// Repeats counts fields that answer under one name in one selection set, its fragments included: validation compares each
	// of them with each other.
	Repeats int `help:"Fields that answer under one name in one place."`

	// Depth, RootFields and Fields are counted for each operation, every fragment laid out where it is spread. A field at the
	// root is at depth 1.
	Depth      int `help:"Levels of fields, with every fragment laid out where it is spread."`
	RootFields int `help:"Fields at the root of an operation."`
	Fields     int `help:"Fields of an operation, with every fragment laid out where it is spread."`

	// Cost is in units of Weights, for what an operation may bring by the sizes of pages and ranges of days that it asks for.
	Cost int `help:"What an operation may bring, about, in values of 20 bytes, by the sizes of pages and the days that it asks for."`
	// Answer is how many bytes of data one answer holds.
	Answer int `help:"Bytes of data of one answer."`

	// Errors is how many errors one answer holds.
	Errors int `help:"Errors of one answer."`
	// DocumentMemory is how many bytes of memory, about, accepted documents may take.
	DocumentMemory int `help:"Bytes of memory for documents that were accepted."`
}

// DefaultLimits returns limits that let through what frontends of this project ask, introspection by all common tools
// included, with room to grow, and hold every refused and accepted document to some milliseconds.
func DefaultLimits() Limits {
	return Limits{
		Nesting:        64,
		Tokens:         8_000,
		NameLength:     200,
		Operations:     50,
		Selections:     1_500,
		Aliases:        100,
		Directives:     100,
		Repeats:        100,
		Depth:          20,
		RootFields:     30,
		Fields:         5_000,
		Cost:           1_000_000,
		Answer:         16 << 20,
		Errors:         25,
		DocumentMemory: 16 << 20,
	}
}

// tooComplex returns the refusal of a document that has found of something, where allowed would pass.
func tooComplex(what string, allowed, found int) *logic.Error {
	return logic.Fault(logic.CodeTooComplex, "The document has too many %s: at most %d are allowed, and there are %d.", what, allowed, found)
}

// tooDeep returns the refusal of a document that goes deeper than allowed.
func tooDeep(what string, allowed, found int) *logic.Error {
	return logic.Fault(logic.CodeTooComplex, "The document %s too deeply: at most %d levels are allowed, and there are %d.", what, allowed, found)
}
