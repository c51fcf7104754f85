package logic

// TextChange is what an input says of a text that may be cleared: nothing, null (Given, without a Value), or another text.
type TextChange struct {
	Given bool
	Value *string
}

// Apply changes text where something was said.
func (c TextChange) Apply(text **string) {
	if c.Given {
		*text = c.Value
	}
}
