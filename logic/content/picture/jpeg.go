package picture

import (
	"bytes"
	"encoding/binary"
	"io"
)

// Markers of JPEG, behind 0xFF.
const (
	jpegFrame       = 0xc0
	jpegProgressive = 0xc2
	jpegRestart0    = 0xd0
	jpegRestart7    = 0xd7
	jpegStart       = 0xd8
	jpegEnd         = 0xd9
	jpegScan        = 0xda
	jpegApp0        = 0xe0
	jpegApp1        = 0xe1
	jpegApp2        = 0xe2
	jpegApp14       = 0xee
	jpegApp15       = 0xef
	jpegComment     = 0xfe
)

var (
	jfifHead  = []byte("JFIF\x00")
	iccHead   = []byte("ICC_PROFILE\x00")
	adobeHead = []byte("Adobe")
)

// jfifSize is how long what JFIF says is without a thumbnail.
const jfifSize = 14

// cleanJPEG keeps of a JPEG what is needed to show it: the image, what its numbers mean, and its colour profile. What stands behind its
// end goes, too: phones put further images there, and films.
func cleanJPEG(data []byte) (cleaned, error) {
	clean := cleaned{mimeType: JPEG, decoding: 1}
	out := bytes.NewBuffer(make([]byte, 0, len(data)))
	out.Write([]byte{0xff, jpegStart})
	for rest := data[2:]; ; {
		marker, behind, err := jpegMarker(rest)
		if err != nil {
			return clean, err
		}
		if marker == jpegEnd {
			out.Write([]byte{0xff, jpegEnd})
			clean.data = out.Bytes()
			return clean, nil
		}
		if len(behind) < 2 {
			return clean, io.ErrUnexpectedEOF
		}
		size := int(binary.BigEndian.Uint16(behind))
		if size < 2 {
			return clean, errMalformed
		}
		segment, behind, err := take(behind, size)
		if err != nil {
			return clean, err
		}
		if kept := clean.keepSegment(marker, segment[2:]); kept != nil {
			out.Write([]byte{0xff, marker})
			out.Write(binary.BigEndian.AppendUint16(nil, uint16(len(kept)+2)))
			out.Write(kept)
		}
		if marker == jpegScan {
			length := scanLength(behind)
			out.Write(behind[:length])
			behind = behind[length:]
		}
		rest = behind
	}
}

// jpegMarker returns the next marker that has a segment, or the end, and what stands behind it. Decoders pass over what does not belong
// in front of one.
func jpegMarker(data []byte) (byte, []byte, error) {
	for i := 0; i+1 < len(data); i++ {
		marker := data[i+1]
		alone := marker == 0 || marker == 0xff || marker == 1 || marker >= jpegRestart0 && marker <= jpegRestart7
		if data[i] == 0xff && !alone {
			return marker, data[i+2:], nil
		}
	}
	return 0, nil, io.ErrUnexpectedEOF
}

// scanLength returns how much of data belongs to a scan: all until the next marker that is not part of it.
func scanLength(data []byte) int {
	for i := 0; i+1 < len(data); i++ {
		if next := data[i+1]; data[i] == 0xff && next != 0 && next != 0xff && (next < jpegRestart0 || next > jpegRestart7) {
			return i
		}
	}
	return len(data)
}

// keepSegment returns what is kept of a segment, nil for nothing, and notes what counts of the rest.
func (c *cleaned) keepSegment(marker byte, segment []byte) []byte {
	switch {
	case marker >= jpegFrame && marker <= jpegProgressive:
		c.decoding = max(c.decoding, jpegDecoding(segment, marker == jpegProgressive))
		return segment
	case marker == jpegApp0 && bytes.HasPrefix(segment, jfifHead) && len(segment) >= jfifSize:
		return append(bytes.Clone(segment[:jfifSize-2]), 0, 0) // no thumbnail
	case marker == jpegApp1 && bytes.HasPrefix(segment, exifHead):
		if c.orientation == 0 {
			c.orientation = orientationOf(segment)
		}
		return nil
	case marker == jpegApp2 && bytes.HasPrefix(segment, iccHead):
		if profile := segment[len(iccHead):]; len(profile) > 2 && profile[0] == 1 && profile[1] == 1 {
			c.profile = profile[2:]
		}
		return segment
	case marker == jpegApp14 && bytes.HasPrefix(segment, adobeHead):
		return segment
	case marker >= jpegApp0 && marker <= jpegApp15, marker == jpegComment:
		return nil
	}
	return segment
}

// jpegDecoding returns how many bytes a pixel takes while it is decoded: colours may be stored for every second one alone. Of a progressive
// image four bytes more of each are held until the last has come, and inks are put together beside what they were read into.
func jpegDecoding(frame []byte, progressive bool) float64 {
	const head, each = 6, 3
	var all, most float64
	planes := 0
	for rest := frame[min(head, len(frame)):]; len(rest) >= each; rest = rest[each:] {
		across, down := float64(rest[1]>>4), float64(rest[1]&15)
		all, most = all+across*down, max(most, across*down)
		planes++
	}
	if most == 0 {
		return 1
	}
	decoding := all / most
	if progressive {
		decoding *= 5
	}
	const inks = 4
	if planes == inks {
		decoding += inks
	}
	return decoding
}
