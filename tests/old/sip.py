"""Today's PyQt5.sip under the name that PyQt5 of 2018 imports, with its C API under that name too."""

import ctypes

from PyQt5 import sip
from PyQt5.sip import *  # noqa: F403

api = ctypes.pythonapi
for function in (api.PyCapsule_GetPointer, api.PyCapsule_GetName, api.PyCapsule_New):
    function.restype = ctypes.c_void_p
api.PyCapsule_GetName.argtypes = [ctypes.py_object]
api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_void_p]
api.PyCapsule_New.restype = ctypes.py_object
api.PyCapsule_New.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]

NAME = b"sip._C_API"  # the capsule keeps no copy
_C_API = api.PyCapsule_New(api.PyCapsule_GetPointer(sip._C_API, api.PyCapsule_GetName(sip._C_API)), NAME, None)
_unpickle_type = getattr(sip, "_unpickle_type", None)
_unpickle_enum = getattr(sip, "_unpickle_enum", None)
