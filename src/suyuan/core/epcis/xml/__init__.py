"""EPCIS in XML, 2.0 and 1.2: from and to the JSON-LD form that everything else works on.

Owns: the order, wrappers and namespaces of both XML versions, safe reading, writing.
Does not own: what a valid event is (read, rules), identifier forms.

Nothing is lost on the way: what 1.2 has no place for is written in 2.0's namespace, where 1.2
allows elements of others, and is found there again. An element that JSON names `prefix:name` keeps
its namespace through `@context`; attributes are `@name`, text beside them is `#text`.

Sources: EPCIS 2.0 §9, EPCIS 1.2 §9, CBV 2.0 §7.
"""

from suyuan.core.epcis.xml.read import read_xml
from suyuan.core.epcis.xml.write import XmlVersion, write_results, write_xml

__all__ = ["XmlVersion", "read_xml", "write_results", "write_xml"]
