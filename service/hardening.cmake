# SPDX-License-Identifier: Apache-2.0
# What compilers and linkers offer against memory errors that are there after all;
# tests/hardening looks for it in the built programs.
include(CheckCXXCompilerFlag)

# Programs stand at random addresses. Not -fPIC for the libraries: that keeps
# functions from being inlined.
set(is_module $<STREQUAL:$<TARGET_PROPERTY:TYPE>,MODULE_LIBRARY>)
add_compile_options($<$<NOT:${is_module}>:-fPIE>)
add_link_options($<$<NOT:${is_module}>:-pie>)
# Tables of addresses are read-only once the program runs, and so is the stack's code.
add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)

add_compile_options(-fstack-protector-strong)
foreach(flag
    -fstack-clash-protection  # A large frame cannot jump over the guard page.
    -fcf-protection           # Jumps go to where jumps may go, on x86 that can check it.
    -mbranch-protection=standard)  # The same for ARM.
  string(MAKE_C_IDENTIFIER "has${flag}" has_flag)
  check_cxx_compiler_flag(${flag} ${has_flag})
  if(${has_flag})
    add_compile_options(${flag})
  endif()
endforeach()

# An index behind the end of a vector ends the program instead of reading on.
add_compile_definitions(_GLIBCXX_ASSERTIONS)
# The C library's own checks of buffers need optimization, and the sanitizers have
# better ones.
if(NOT PROVISIONING_SANITIZERS)
  add_compile_options($<$<CONFIG:Release>:-U_FORTIFY_SOURCE>
                      $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
endif()
