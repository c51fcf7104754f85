package metric

import "headwater/logic"

// CanRead tells whether viewer may know what readers do. Everyone may.
func CanRead(logic.Viewer) bool { return true }
